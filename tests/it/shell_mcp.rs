//! An assistant on the other end of a pipe.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::env::Env;
use crate::shell::notes;

/// A client of the Model Context Protocol: one JSON object a line.
struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    last: u64,
}

impl Client {
    fn new(env: &Env) -> Self {
        let mut command = env.command(&["mcp"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program can be started");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("it is a pipe"));
        let mut client = Self { child, input, output, last: 0 };
        let hello = client.ask(
            "initialize",
            json!({
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": { "name": "test", "version": "1" },
            }),
        );
        assert_eq!(hello["serverInfo"]["name"], "jian");
        client.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        client
    }

    fn say(&mut self, message: &Value) {
        let input = self.input.as_mut().expect("it is open");
        writeln!(input, "{message}").expect("it listens");
    }

    /// Returns the result of a request.
    #[track_caller]
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = self.last;
        self.say(
            &json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }),
        );
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).expect("it is text");
            assert!(read > 0, "{method}: the server hung up");
            let answer: Value = serde_json::from_str(&line).expect("a line is JSON");
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    #[track_caller]
    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.ask("tools/call", json!({ "name": tool, "arguments": arguments }))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_assistant_searches_and_reads() {
    let env = notes();
    let mut client = Client::new(&env);
    let tools = client.ask("tools/list", json!({}));
    let names: Vec<_> =
        tools["tools"].as_array().expect("a list").iter().map(|t| &t["name"]).collect();
    assert_eq!(names, ["search", "read_section", "list_notes", "status"]);

    let found = client.call("search", json!({ "query": "三次握手", "limit": 1 }));
    let hit = &found["structuredContent"]["hits"][0];
    assert_eq!((&hit["path"], &hit["line"]), (&json!("网络/tcp.md"), &json!(3)));
    let shown = found["content"][0]["text"].as_str().expect("text");
    assert!(shown.starts_with("> [**三次握手**的过程](网络/tcp.md#L3)"), "{shown}");

    let section = client.call("read_section", json!({ "place": "网络/tcp.md:3" }));
    let text = section["content"][0]["text"].as_str().expect("text");
    assert!(text.starts_with("## 三次握手的过程\n\n客户端先发送 SYN。"), "{text}");

    let listed = client.call("list_notes", json!({ "path": "web" }));
    assert_eq!(listed["content"][0]["text"], "web/http.md");
    let status = client.call("status", json!({}));
    let facts = status["content"][0]["text"].as_str().expect("text");
    let facts: Value = serde_json::from_str(facts).expect("JSON");
    assert_eq!(facts["notes"], 3);
}

#[test]
fn an_assistant_reads_notes_and_nothing_else() {
    let env = notes();
    std::fs::write(env.path("secret.md"), "# 密码\n").expect("it is ours");
    let mut client = Client::new(&env);
    for place in ["../secret.md:1", "secret.md", "notes/../secret.md", "/etc/passwd:1"] {
        let refused = client.call("read_section", json!({ "place": place }));
        assert_eq!(refused["isError"], true, "{place}");
        assert!(!refused.to_string().contains("密码"));
    }
    let refused = client.call("delete_note", json!({}));
    assert_eq!(refused["isError"], true);
    // Still there.
    let found = client.call("search", json!({ "query": "GET body" }));
    assert_eq!(found["structuredContent"]["hits"][0]["path"], "web/http.md");
}

#[test]
fn the_server_ends_with_its_client() {
    let env = notes();
    let mut client = Client::new(&env);
    drop(client.input.take());
    let ended = client.child.wait().expect("it ends");
    assert_eq!(ended.code(), Some(0));
}
