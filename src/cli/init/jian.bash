# Searches the notes and puts what was chosen on the command line: alone, as a command that
# opens it; after other words, as the path.
__jian_pick() {
    local picked
    picked=$(command jian fzf --print </dev/tty) || return
    if [[ -z $READLINE_LINE ]]; then
        READLINE_LINE="jian open $(printf %q "$picked")"
        READLINE_POINT=${#READLINE_LINE}
    else
        picked=$(printf %q "${picked%:*}")
        READLINE_LINE="${READLINE_LINE:0:READLINE_POINT}$picked${READLINE_LINE:READLINE_POINT}"
        READLINE_POINT=$((READLINE_POINT + ${#picked}))
    fi
}
