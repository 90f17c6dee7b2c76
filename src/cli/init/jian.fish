# Searches the notes and puts what was chosen on the command line: alone, as a command that
# opens it; after other words, as the path.
function __jian_pick
    if set -l picked (command jian fzf --print </dev/tty)
        if test -z (commandline | string collect --allow-empty)
            commandline "jian open "(string escape -- $picked)
        else
            commandline -i (string escape -- (string replace -r ':\d+$' '' -- $picked))
        end
    end
    commandline -f repaint
end
