//! The shapes that break naive indexers: asked as a person asks, the sample notes answer from
//! under their own question.

use jian::search::Options;

use crate::env;

/// The first hit is this note and heading, and its snippet says this.
#[track_caller]
fn check(asked: &str, path: &str, title: &str, said: &str) {
    let hits = env::search(asked, &Options::default()).hits;
    let hit = hits.first().unwrap_or_else(|| panic!("nothing found for {asked}"));
    assert_eq!((hit.path.as_str(), hit.title.text.as_str()), (path, title), "{asked}");
    assert!(
        hit.snippet.text.contains(said),
        "{asked}: no {said} in {:?}",
        hit.snippet.text
    );
}

#[test]
fn answers_indented_by_a_tab_are_text() {
    check("数字签名的过程？", "network/https.md", "数字签名的过程？", "用私钥对摘要签名");
    check(
        "UDP头部里有什么",
        "network/tcp-udp.md",
        "UDP头部里有什么",
        "各 2 字节，共 8 字节",
    );
    check(
        "flask 高并发",
        "web/flask.md",
        "Flask 怎么支持高并发",
        "gunicorn -w 4 --threads 8",
    );
    check(
        "visibility_timeout ack",
        "web/celery.md",
        "Broker是什么",
        "任务时间超过它会被重复派发",
    );
    check("round 不是四舍五入", "python/常见坑.md", "round 不是四舍五入", "银行家舍入");
    // Under a question that is a plain line of text.
    check(
        "怎么看本机出口 IP 走哪个网卡？",
        "network/端口与抓包.md",
        "零碎",
        "ip route get 8.8.8.8",
    );
}

#[test]
fn bold_lines_that_ask_are_headings() {
    check(
        "什么是延迟双删？",
        "database/redis-缓存问题.md",
        "什么是延迟双删？",
        "睡几百毫秒",
    );
    check("什么是MVCC？", "database/mysql-事务.md", "什么是MVCC？", "多版本并发控制");
    check(
        "namespace 隔离了什么",
        "system/docker.md",
        "namespace 隔离了什么？",
        "解决「看得见什么」",
    );
    check(
        "make POST safe to retry",
        "web/restful.md",
        "How do I make POST safe to retry?",
        "key",
    );
}

#[test]
fn a_question_and_its_answer_on_one_line_are_cut_apart() {
    check(
        "上家公司税前薪资是多少？",
        "interview/个人问题.md",
        "上家公司税前薪资是多少？",
        "月 base",
    );
    check(
        "list和tuple的区别是什么？",
        "python/数据类型.md",
        "list和tuple的区别是什么？",
        "list可变，tuple不可变",
    );
    check(
        "SCAN 会重复返回吗",
        "database/redis.md",
        "SCAN 会重复返回吗？",
        "客户端自己去重",
    );
}

#[test]
fn q_and_a_are_question_and_answer() {
    check(
        "浏览器能发 ping 帧吗",
        "network/websocket.md",
        "浏览器 JS 能发 ping 帧吗？",
        "不能",
    );
    check(
        "UNION or UNION ALL",
        "database/sql-basics.md",
        "UNION or UNION ALL?",
        "removes duplicates",
    );
    check(
        "log the traceback",
        "python/exceptions-and-context.md",
        "How do I log the traceback?",
        "logging.exception",
    );
    check(
        "docker 容器里时区不对",
        "misc/日志.txt",
        "docker 容器里时区不对怎么办？",
        "tzdata",
    );
    check("CSRF 怎么防", "web/认证授权.md", "怎么防？", "SameSite");
}

#[test]
fn chinese_question_marks_of_a_line_are_question_and_answer() {
    check("对称加密是什么？", "network/https.md", "对称加密是什么？", "同一把密钥");
    check(
        "from + size 为什么不能太大",
        "database/mongodb与es.md",
        "为什么 from + size 不能太大？",
        "10000",
    );
    check(
        "ping 得通但是端口连不上",
        "misc/日志.txt",
        "为什么 ping 得通但是端口连不上？",
        "ICMP",
    );
}

#[test]
fn folded_details_are_questions() {
    check(
        "怎么发现热 key？",
        "database/redis-缓存问题.md",
        "怎么发现热 key？",
        "--hotkeys",
    );
    check("bcrypt 有什么限制？", "web/认证授权.md", "bcrypt 有什么限制？", "72 个字节");
    check(
        "一个 IP 多个 HTTPS 站点 证书 SNI",
        "network/https.md",
        "一个 IP 上多个 HTTPS 站点，服务器怎么知道该给哪张证书？",
        "ClientHello",
    );
}

#[test]
fn odd_headings_are_headings() {
    check("Celery的架构", "web/celery.md", "Celery的架构", "生产者");
    check("9.多线程", "python/并发编程.md", "9.多线程", "threading.Thread");
    check("WSGI 是什么", "web/wsgi-uwsgi.md", "WSGI 是什么", "接口规范");
    check("优点", "interview/个人问题.md", "优点", "写成文档");
    check(
        "HTTP 状态码 404",
        "misc/fullwidth全角.md",
        "ＨＴＴＰ 状态码 ４０４",
        "资源不存在",
    );
}

#[test]
fn any_encoding_and_script_is_read() {
    check("锟斤拷", "misc/gb18030-老笔记.md", "乱码「锟斤拷」是怎么来的？", "U+FFFD");
    check("三向交握", "misc/big5-舊筆記.md", "TCP 三向交握", "SYN+ACK");
    check(
        "TCP 与 UDP 的差别 标头",
        "misc/big5-舊筆記.md",
        "TCP 與 UDP 的差別",
        "8 個位元組",
    );
    check("WSL 是什么", "misc/utf16-windows笔记.txt", "WSL 是什么", "WSL2");
}

#[test]
fn what_is_only_quoted_comes_under_its_heading_first() {
    for (asked, title) in [("\"三次握手\"", "三次握手"), ("title:索引", "索引")]
    {
        let hits = env::search(asked, &Options::default()).hits;
        assert!(hits[0].title.text.contains(title), "{asked}: {:?}", hits[0].title);
        assert!(hits[0].score >= hits[1].score && hits[1].score > 0.0, "{asked}");
    }
}
