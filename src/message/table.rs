//! The table of messages: each in English, then in Chinese. To be translated
//! together with `phrases.rs`.
//!
//! What stands in `{braces}` is filled in and must be in both. No capital at the beginning and
//! no full stop at the end, as usual on a terminal; commands, options and paths in backticks
//! and as they are typed.

use super::messages;

messages! {
    // Between parts.
    comma() ", " "、";
    semicolon() "; " "；";

    // Before what is said on stderr.
    name() "jian: " "jian: ";
    hint() "hint: " "提示：";

    // Errors, and what mends them.
    cannot(action, path, cause)
        "cannot {action} `{path}`: {cause}"
        "无法{action} `{path}`：{cause}";
    cannot_index(action, path, cause)
        "cannot {action} the index `{path}`: {cause}"
        "无法{action}索引 `{path}`：{cause}";
    no_index(path) "no index in `{path}`" "`{path}` 里没有索引";
    unusable(path, why)
        "the index in `{path}` cannot be used: {why}"
        "`{path}` 里的索引不能用：{why}";
    busy(path)
        "the index `{path}` is being written by another process"
        "另一个进程正在写索引 `{path}`";
    no_corpus()
        "no notes to index: neither a path nor a configured corpus"
        "没有笔记可索引：没给路径，也没配置 corpus";
    no_such_place(place) "no such note or line: `{place}`" "没有这篇笔记或这一行：`{place}`";
    bad_configuration(path, message)
        "cannot understand the configuration `{path}`: {message}"
        "看不懂配置文件 `{path}`：{message}";
    mend_disk(path)
        "check the path and its disk, then try again: `df -h {path}`"
        "检查这个路径和所在的磁盘，然后重试：`df -h {path}`";
    broke_off(cause, place)
        "broke off at an error of its own: {cause} ({place})"
        "因自身的错误中断：{cause}（{place}）";
    mend_broken()
        "a damaged index is mended by `jian index --rebuild`; if it comes back, report it"
        "索引损坏可用 `jian index --rebuild` 修复；若再次出现，请报告";
    mend_rebuild()
        "run `jian index --rebuild`; the notes themselves are untouched"
        "运行 `jian index --rebuild`；笔记本身不会动";
    mend_index()
        "run `jian index PATH` with the folder of your notes"
        "运行 `jian index PATH`，PATH 是放笔记的文件夹";
    mend_busy()
        "wait for the other `jian index` to end, then try again"
        "等另一个 `jian index` 结束后再试";
    mend_corpus()
        "run `jian index PATH`, or set `corpus = \"PATH\"` in jian.toml"
        "运行 `jian index PATH`，或在 jian.toml 里写 `corpus = \"PATH\"`";
    mend_place()
        "give it as `jian query` prints it: `jian show PATH:LINE`"
        "照 `jian query` 打印的写：`jian show PATH:LINE`";
    mend_configuration(path) "mend or remove `{path}`" "改好或删掉 `{path}`";
    mend_path(path) "check the path: `ls {path}`" "检查路径：`ls {path}`";
    mend_permission(path)
        "allow it, or choose another folder with `--index DIR`: `ls -ld {path}`"
        "放开权限，或用 `--index DIR` 换个文件夹：`ls -ld {path}`";
    mend_space()
        "free some space, then run `jian index` again; an index from before still answers"
        "腾出些空间，再运行 `jian index`；以前的索引仍可查询";
    mend_notes()
        "name the folder of your notes: `jian index PATH`"
        "指明放笔记的文件夹：`jian index PATH`";

    // Which notes.
    root_not_utf8(path) "the name of `{path}` is not UTF-8" "`{path}` 的名字不是 UTF-8";
    mend_root_name() "rename the folder, or name one below it" "改个名，或指明它下面的文件夹";
    bad_glob(glob, why)
        "cannot understand the glob `{glob}`: {why}" "看不懂通配符 `{glob}`：{why}";
    bad_globs(why) "cannot understand the globs: {why}" "看不懂这些通配符：{why}";
    mend_glob()
        "write it as in .gitignore: `--glob 'work/**'`"
        "写法同 .gitignore：`--glob 'work/**'`";
    no_notes_there(path)
        "cannot read the notes in `{path}`: no such file or folder"
        "读不了 `{path}` 里的笔记：没有这个文件或文件夹";
    no_index_folder(path)
        "cannot keep an index in `{path}`: it holds other files"
        "不能把索引放进 `{path}`：里面有别的文件";
    mend_index_folder(path)
        "name a folder for the index alone: `--index {path}`"
        "给索引单独一个文件夹：`--index {path}`";
    homeless()
        "no place for the index: HOME is not set" "索引没处放：没有设置 HOME";
    mend_homeless()
        "name one: `jian --index DIR …` or JIAN_INDEX=DIR"
        "指明一处：`jian --index DIR …` 或 JIAN_INDEX=DIR";

    // Answering.
    nothing_found(query) "nothing found for {query}" "没有找到 {query}";
    by_the_letter()
        "-l and -c take only what is there to the letter; without them near words are found too"
        "-l 和 -c 只认原样的词；不用它们时，相近的词也会找";
    also_in(path)
        "the notes have another one of this path; for that: `{path}`"
        "笔记里还有一篇路径相同的；要看那篇，请用 `{path}`";
    missing(words) "no section has every word; 缺: {words}" "没有哪一节含有所有的词；缺: {words}";
    answered_at(stage) "answered at stage {stage}" "答案出自这一步：{stage}";
    shares(place, score, shares) "{place} {score} = {shares}" "{place} {score} = {shares}";
    mend_format() "see `jian query --help` for the formats" "格式见 `jian query --help`";
    building(path) "building the index in `{path}`" "正在 `{path}` 里建索引";
    building_anew(why) "{why}; building it anew" "{why}；正在重建";
    too_much_changed(notes)
        "{notes} notes changed, answering from before; run `jian index`"
        "{notes} 篇笔记改动了，先按旧索引作答；请运行 `jian index`";
    other_notes(held, named)
        "answering from {held}, which the index holds, not {named}; for those: `jian index {named}`"
        "索引里是 {held}，按它作答，不是 {named}；要改用后者：`jian index {named}`";
    being_indexed()
        "notes changed and are being indexed, answering from before"
        "笔记改动了，正在索引，先按旧索引作答";
    from_before(why) "answering from before, as jian {why}" "先按旧索引作答，因为{why}";

    // Hits by number, editor, clipboard.
    no_query_yet(number)
        "there is no hit {number}: no query was run in this terminal"
        "没有第 {number} 条：这个终端里还没查询过";
    mend_query() "search first: `jian query WORDS`" "先查询：`jian query WORDS`";
    nothing_last(number)
        "there is no hit {number}: the last query found nothing"
        "没有第 {number} 条：上次查询什么也没找到";
    no_hit(number, first, last)
        "there is no hit {number}: the last query had {first} to {last}"
        "没有第 {number} 条：上次查询有第 {first} 到 {last} 条";
    mend_hit(offset, query)
        "look again: `jian query --offset {offset} {query}`"
        "再查一次：`jian query --offset {offset} {query}`";
    no_editor()
        "no editor: EDITOR is not set, and none was found"
        "没有编辑器：没设 EDITOR，也没找到";
    mend_editor() "name one: `export EDITOR=vim`" "指明一个：`export EDITOR=vim`";
    no_clipboard()
        "no clipboard: neither a command for it nor a terminal"
        "没有剪贴板：没有相应的命令，也没有终端";
    mend_clipboard() "install `xclip`" "安装 `xclip`";

    // fzf.
    fzf_header()
        "enter open · ctrl-o print · ctrl-y copy\nalt-enter filter these · ctrl-r search again"
        "enter 打开 · ctrl-o 打印 · ctrl-y 复制\nalt-enter 在结果里筛选 · ctrl-r 重新搜索";
    fzf_filter() "filter" "筛选";
    fzf_failed() "fzf could not run as it was asked to" "fzf 没能按要求运行";
    mend_fzf_options()
        "look at JIAN_FZF_OPTS and FZF_DEFAULT_OPTS" "检查 JIAN_FZF_OPTS 和 FZF_DEFAULT_OPTS";
    no_fzf() "fzf is not installed; it draws the list" "没有安装 fzf；列表要靠它画";
    old_fzf(version, oldest)
        "fzf {version} is too old: {oldest} is needed" "fzf {version} 太旧：需要 {oldest}";
    mend_fzf()
        "install it: `apt install fzf`, `brew install fzf` or https://github.com/junegunn/fzf#installation"
        "安装：`apt install fzf`、`brew install fzf` 或 https://github.com/junegunn/fzf#installation";

    // Other commands.
    no_such_key(key) "no such key: `{key}`" "没有这个键：`{key}`";
    mend_key()
        "name one as `--key ctrl-g`, `--key alt-j` or `--key none`"
        "写成 `--key ctrl-g`、`--key alt-j` 或 `--key none`";
    no_such_command(name) "no such command: `{name}`" "没有这个命令：`{name}`";
    mend_command() "see `jian --help`" "见 `jian --help`";
    no_such_tool(name) "no such tool: `{name}`" "没有这个工具：`{name}`";
    mend_tool() "ask for tools/list" "请求 tools/list";
    argument_missing(name) "`{name}` is missing" "缺少 `{name}`";
    mend_argument() "give it as a string" "请给一个字符串";
    looking_instead(why, seconds)
        "{why}; looking every {seconds} seconds instead" "{why}；改为每 {seconds} 秒看一次";

    // Indexing.
    looking() "looking for notes" "正在找笔记";
    waiting() "waiting for another jian to finish writing" "等另一个 jian 写完";
    progress(done, of) "{done}/{of} notes" "{done}/{of} 篇";
    indexed(notes, sections) "{notes} notes, {sections} sections" "{notes} 篇笔记，{sections} 节";
    with_changes(what, changes) "{what} ({changes})" "{what}（{changes}）";
    new(count) "{count} new" "新增 {count}";
    changed(count) "{count} changed" "改动 {count}";
    removed(count) "{count} removed" "删除 {count}";
    unchanged(count) "{count} unchanged" "未变 {count}";
    skipped_for(count, reasons) "{count} skipped ({reasons})" "跳过 {count} 个（{reasons}）";
    counted(count, what) "{count} {what}" "{count} 个{what}";
    speed(megabytes, seconds, per_second)
        "{megabytes} MB in {seconds} s, {per_second} MB/s"
        "{megabytes} MB，用时 {seconds} 秒，每秒 {per_second} MB";
    not_merged(why)
        "its pieces could not be put together, which slows searches: {why}"
        "分开的几块没能合并，查询会慢一些：{why}";
    built_anew(why) "built anew, as {why}" "已重建，因为{why}";
    skipped_file(path, why) "skipped `{path}`: {why}" "跳过 `{path}`：{why}";

    // The page of `jian status`.
    status_index() "index" "索引";
    status_roots() "notes in" "笔记位置";
    status_notes() "notes" "笔记";
    notes_sections(notes, sections, size)
        "{notes}, {sections} sections, {size}" "{notes} 篇，{sections} 节，{size}";
    status_words() "words" "字数";
    words(count)
        "{count}, a Chinese character counted as one" "{count}（一个汉字算一个）";
    status_chinese() "Chinese" "中文";
    of_characters(percent) "{percent} % of characters" "占字符的 {percent} %";
    status_size() "size" "大小";
    part(name, percent) "{name} {percent} %" "{name} {percent} %";
    status_age() "age" "新旧";
    up_to_date() "up to date" "是最新的";
    changed_since(count)
        "{count} notes or folders changed since: run `jian index`"
        "此后有 {count} 处改动：请运行 `jian index`";
    just_now() "less than a minute" "不到一分钟";
    one_minute() "1 minute" "1 分钟";
    minutes(count) "{count} minutes" "{count} 分钟";
    one_hour() "1 hour" "1 小时";
    hours(count) "{count} hours" "{count} 小时";
    one_day() "1 day" "1 天";
    days(count) "{count} days" "{count} 天";
    status_encodings() "encodings" "编码";
    status_skipped() "skipped" "跳过";
    more(count) "{count} more: `jian status --json`" "还有 {count} 个：`jian status --json`";
    most_frequent() "most frequent in headings" "标题里最常见的词";
    largest() "largest notes" "最大的笔记";
    size_sections(size, sections) "{size}, {sections} sections" "{size}，{sections} 节";
    fields() "size of the index by field" "索引各字段的大小";

    // `jian doctor`.
    grade_ok() "ok" "好";
    grade_hint() "hint" "提示";
    grade_bad() "bad" "问题";
    about_configuration() "configuration" "配置";
    about_notes() "notes" "笔记";
    about_index() "index" "索引";
    about_encodings() "encodings" "编码";
    about_dictionary() "dictionary" "词典";
    about_fzf() "fzf" "fzf";
    about_editor() "editor" "编辑器";
    about_terminal() "terminal" "终端";
    about_locale() "locale" "区域设置";
    no_configuration() "no file; all as by default" "没有文件；一切用默认值";
    not_there(path) "`{path}` is not there" "`{path}` 不存在";
    changed_since_built(count)
        "{count} notes or folders changed since it was built" "建好以后有 {count} 处改动";
    worth_merging()
        "it keeps much that is gone or is in many pieces, which slows searches"
        "留着不少已经没有的内容，或者分成了许多块，会拖慢查询";
    files_skipped(count) "skipped files: {count}" "跳过的文件：{count} 个";
    mend_skipped() "jian status, which names them and why" "jian status 会列出它们和原因";
    guessed(count)
        "{count} notes are not UTF-8; their encoding was guessed"
        "{count} 篇笔记不是 UTF-8；编码是猜的";
    no_own_words(file) "built in; no words of your own ({file})" "自带；没有自己的词（{file}）";
    own_words(count) "built in, and {count} words of your own" "自带，另有自己的词 {count} 个";
    fzf_cannot(why) "{why}: `jian fzf` cannot run" "{why}：`jian fzf` 用不了";
    editor_line_unknown(name)
        "{name}: it is not known how to tell it the line" "{name}：不知道怎样让它跳到某一行";
    no_terminal() "none: output goes to a pipe or a file" "没有：输出到管道或文件";
    dumb_terminal(term) "TERM is `{term}`: no colors" "TERM 是 `{term}`：没有颜色";
    terminal_columns(term, columns) "{term}, {columns} columns" "{term}，{columns} 列";
    colors() "colors" "有颜色";
    no_colors() "no colors (NO_COLOR)" "没有颜色（NO_COLOR）";
    links() "links" "有链接";
    no_locale()
        "not set: less, fzf and shells may break Chinese"
        "没有设置：less、fzf 和 shell 可能显示不好中文";
    locale_not_utf8(locale)
        "{locale} is not UTF-8: less, fzf and shells may break Chinese"
        "{locale} 不是 UTF-8：less、fzf 和 shell 可能显示不好中文";

    // `jian bench`.
    nothing_to_ask()
        "nothing to ask: the notes have no headings, or `-n` is 0"
        "没有可问的：笔记没有标题，或者 `-n` 是 0";
    mend_bench()
        "ask your own queries: `jian bench --queries FILE`"
        "用自己的查询：`jian bench --queries FILE`";
    bad_queries(path, why)
        "cannot read the queries in `{path}`: {why}" "读不了 `{path}` 里的查询：{why}";
    mend_queries(example) "write one a line: {example}" "每行写一个：{example}";
    bench_kind() "kind" "类别";
    bench_queries() "queries" "查询";
    bench_speed(speed, p50, p99)
        "{speed} queries/s, p50 {p50} ms, p99 {p99} ms"
        "每秒 {speed} 次查询，p50 {p50} 毫秒，p99 {p99} 毫秒";
    not_found() "not found" "没找到";
    found_at(place) "place {place}" "第 {place} 位";
    nothing() "nothing" "没有";
    miss(place, query, expected, first)
        "{place}: {query} | expected {expected} | first {first}"
        "{place}：{query} | 应是 {expected} | 第一条是 {first}";
}
