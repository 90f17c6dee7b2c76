//! `jian mcp`: a server of the Model Context Protocol over stdin and stdout, so that an
//! assistant can read the notes. Reads only, and only notes of the index.

use clap::Args;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock,
    Implementation, ListToolsResult, PaginatedRequestParams, ServerCapabilities,
    ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, ServerInitializeError};
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};
use serde_json::{Value, json};

use super::status::Facts;
use super::terminal::Terminal;
use super::{Outcome, open, place, query, show, usage};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::message::{self, Language};
use crate::render::{self, Style};
use crate::search::{self, Options};

/// What can be said to `jian mcp`.
#[derive(Debug, Args)]
pub struct Flags {}

/// Hits of a search where the assistant does not say: what is read at once.
const LIMIT: u64 = 5;

/// Most hits of a search; more would fill an assistant's memory.
const MOST_HITS: u64 = 50;

/// Most notes of a list.
const MOST_NOTES: usize = 1_000;

/// Columns of a snippet: a paragraph.
const SNIPPET_COLS: usize = 600;

const INSTRUCTIONS: &str = "Search the user's own notes, kept in Chinese and English. Ask \
    `search` with the words of the question in either language, then `read_section` with the \
    place of a hit, `path:line`, for the whole answer.";

/// Runs `jian mcp` until stdin ends.
pub fn run(_: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let failed = |source| Error::Io { action: "serve", path: "stdin".into(), source };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let server = Server { config: config.clone(), terminal: terminal.clone() };
    let served = runtime.block_on(async {
        let running = match server.serve(rmcp::transport::stdio()).await {
            Ok(running) => running,
            // Who hangs up before a word wanted nothing.
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(e) => return Err(failed(std::io::Error::other(e))),
        };
        let ended = running.waiting().await;
        ended.map(|_| ()).map_err(|e| failed(std::io::Error::other(e)))
    });
    // Reading stdin goes on in a thread that nobody can stop.
    runtime.shutdown_background();
    served.map(|()| Outcome::Done)
}

struct Server {
    config: Config,
    terminal: Terminal,
}

type Arguments = serde_json::Map<String, Value>;

impl Server {
    fn call(&self, name: &str, arguments: &Arguments) -> Result<CallToolResult> {
        match name {
            "search" => self.search(arguments),
            "read_section" => self.read_section(arguments),
            "list_notes" => self.list_notes(arguments),
            "status" => Ok(text(Facts::read(&self.config)?.json())),
            _ => Err(usage(message::no_such_tool(name), message::mend_tool())),
        }
    }

    fn search(&self, arguments: &Arguments) -> Result<CallToolResult> {
        let (asked, _) = crate::query::parse(string(arguments, "query")?);
        let limit = arguments.get("limit").and_then(Value::as_u64).unwrap_or(LIMIT);
        let (reader, dictionary) =
            query::open(&self.config, self.config.refresh, &self.terminal)?;
        let options = Options {
            limit: limit.clamp(1, MOST_HITS) as usize,
            full: arguments.get("full").and_then(Value::as_bool).unwrap_or(false),
            snippet_cols: SNIPPET_COLS,
            ..Options::default()
        };
        let widening = query::widening(&self.config, &reader);
        let report = open::present(&options, |options| {
            search::search(&reader, &asked, &dictionary, &widening, options)
        })?;
        let mut lines = String::new();
        let format = render::by_name("json").expect("it is in the table");
        (format.write)(&report, &Style::default(), &mut lines);
        let hits: Vec<Value> =
            lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let mut shown = String::new();
        let format = render::by_name("md").expect("it is in the table");
        (format.write)(&report, &Style::default(), &mut shown);
        if hits.is_empty() {
            shown = format!("nothing found for {asked}");
        } else if !report.missing.is_empty() {
            shown.push_str(&format!("\nnot found: {}\n", report.missing.join(", ")));
        }
        let mut result = text(shown);
        result.structured_content =
            Some(json!({ "hits": hits, "missing": report.missing }));
        Ok(result)
    }

    fn read_section(&self, arguments: &Arguments) -> Result<CallToolResult> {
        let asked = string(arguments, "place")?;
        let (path, line) = place::split(asked);
        // Only what is a note: the rest of the disk is no business of an assistant.
        let (reader, _) = query::open(&self.config, self.config.refresh, &self.terminal)?;
        let Some(file) = place::notes(path, &reader).into_iter().next() else {
            return Err(Error::NoSuchPlace { place: asked.to_owned() });
        };
        Ok(text(show::section(file, path, line, &self.config)?))
    }

    fn list_notes(&self, arguments: &Arguments) -> Result<CallToolResult> {
        let part = arguments.get("path").and_then(Value::as_str).unwrap_or_default();
        let notes = self.notes()?;
        let mut found: Vec<&str> =
            notes.iter().map(String::as_str).filter(|note| note.contains(part)).collect();
        let count = found.len();
        found.truncate(MOST_NOTES);
        let mut shown = found.join("\n");
        if count > found.len() {
            shown.push_str(&format!("\n{} more", count - found.len()));
        }
        Ok(text(shown))
    }

    /// Paths of all notes that were read.
    fn notes(&self) -> Result<Vec<String>> {
        let (reader, _) = query::open(&self.config, self.config.refresh, &self.terminal)?;
        let files = reader.manifest()?.files.into_iter();
        Ok(files.filter(|f| f.skipped.is_none()).map(|f| f.path).collect())
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("jian", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> std::result::Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> std::result::Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let result = self.call(&request.name, &arguments).unwrap_or_else(|e| {
            let hint = e
                .hint()
                .map(|hint| format!("\nhint: {}", hint.text(Language::English)))
                .unwrap_or_default();
            CallToolResult::error(vec![ContentBlock::text(format!("{e}{hint}"))])
        });
        Ok(result.into())
    }
}

fn text(shown: String) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(shown)])
}

fn string<'a>(arguments: &'a Arguments, name: &str) -> Result<&'a str> {
    arguments
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| usage(message::argument_missing(name), message::mend_argument()))
}

/// What can be asked of us.
fn tools() -> Vec<Tool> {
    let tool =
        |name: &'static str, says: &'static str, properties: Value, needs: Value| {
            let schema =
                json!({ "type": "object", "properties": properties, "required": needs });
            let schema = schema.as_object().cloned().unwrap_or_default();
            Tool::new(name, says, schema).with_annotations(
                ToolAnnotations::new().read_only(true).open_world(false),
            )
        };
    vec![
        tool(
            "search",
            "Find the sections of the notes that answer best. Words, \"exact phrase\", -not, \
             a OR b, title:x, tag:x, path:x, code:x, prefix*; Chinese needs no spaces.",
            json!({
                "query": { "type": "string" },
                "limit": { "type": "integer", "minimum": 1, "maximum": MOST_HITS },
                "full": { "type": "boolean", "description": "whole sections" },
            }),
            json!(["query"]),
        ),
        tool(
            "read_section",
            "Read the whole section around a line, as it stands in the note.",
            json!({ "place": { "type": "string", "description": "path:line of a hit" } }),
            json!(["place"]),
        ),
        tool(
            "list_notes",
            "List the paths of the notes.",
            json!({ "path": { "type": "string", "description": "part of the path" } }),
            json!([]),
        ),
        tool(
            "status",
            "Tell how many notes there are, in which languages and encodings, how fresh.",
            json!({}),
            json!([]),
        ),
    ]
}
