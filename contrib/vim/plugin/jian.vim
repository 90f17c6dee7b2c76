" Searches the notes into the quickfix list: :Jian 三次握手, :Jian! keeps where one is.
if exists('g:loaded_jian')
  finish
endif
let g:loaded_jian = 1

function! s:search(bang, words) abort
  let l:command = get(g:, 'jian_command', 'jian') . ' query --format vimgrep -- '
        \ . shellescape(a:words) . ' 2>/dev/null'
  let l:lines = systemlist(l:command)
  call setqflist([], ' ', {'title': 'jian ' . a:words, 'lines': l:lines,
        \ 'efm': '%f:%l:%c:%m'})
  if empty(l:lines)
    echo 'jian: nothing found for ' . a:words
  elseif empty(a:bang)
    cfirst
  endif
endfunction

command! -bang -nargs=+ Jian call s:search('<bang>', <q-args>)
