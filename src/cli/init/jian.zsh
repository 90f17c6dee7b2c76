# Searches the notes and puts what was chosen on the command line: alone, as a command that
# opens it; after other words, as the path.
__jian_pick() {
    local picked
    if picked=$(command jian fzf --print </dev/tty); then
        if [[ -z $BUFFER ]]; then
            LBUFFER="jian open ${(q-)picked}"
        else
            LBUFFER+=${(q-)${picked%:*}}
        fi
    fi
    zle reset-prompt
}
if [[ -o interactive ]]; then
zle -N __jian_pick
fi
