" Words of the grammar: made by python -m tests.lsp.test_syntax_files
if exists("b:current_syntax")
  finish
endif
syntax keyword layoutDeclaration use
syntax match layoutDeclaration /\v\.@<!<algorithm>(\s+\w+\s*\()@=/
syntax match layoutDeclaration /\v\.@<!<assumption>(\s+\w+\s*\()@=/
syntax match layoutDeclaration /\v\.@<!<const>(\s+\w+\s*:)@=/
syntax match layoutDeclaration /\v\.@<!<def>(\s+\w+\s*\()@=/
syntax match layoutDeclaration /\v\.@<!<enum>(\s+\w+\s*:)@=/
syntax match layoutDeclaration /\v\.@<!<flags>(\s+\w+\s*:)@=/
syntax match layoutDeclaration /\v\.@<!<handover>(\s+\w+\s*\()@=/
syntax match layoutDeclaration /\v\.@<!<layout>(\s+\w+\s+of>)@=/
syntax match layoutDeclaration /\v\.@<!<list>(\s+\w+\s+of>)@=/
syntax match layoutDeclaration /\v\.@<!<property>(\s+\w+\s*\()@=/
syntax match layoutDeclaration /\v\.@<!<record>(\s+\w+)@=/
syntax match layoutDeclaration /\v\.@<!<scenario>(\s+\w+)@=/
syntax match layoutDeclaration /\v\.@<!<window>(\s+\w+\s*:|\s+of>)@=/
syntax keyword layoutStatement break by choose continue count drop each else export for if invariant keep let place previous reversed split then to total unplace up var where while
syntax match layoutStatement /\v\.@<!<apart>(\s+by>)@=/
syntax match layoutStatement /\v\.@<!<arriving>(\s+\w+)@=/
syntax match layoutStatement /\v\.@<!<assuming>(\s+[A-Za-z0-9_(~])@=/
syntax match layoutStatement /\v\.@<!<at>(\s+[A-Za-z0-9_(~])@=/
syntax match layoutStatement /\v\.@<!<before>(\s+\w+\s+in>)@=/
syntax match layoutStatement /\v\.@<!<below>(\s+[A-Za-z0-9_(~])@=/
syntax match layoutStatement /\v\.@<!<check>(\s+[A-Za-z0-9_(~])@=/
syntax match layoutStatement /\v\.@<!<derive>(\s+\w+\s*:)@=/
syntax match layoutStatement /\v\.@<!<except>(\s+\w+\s*:)@=/
syntax match layoutStatement /\v\.@<!<expect>(\s+\w+)@=/
syntax match layoutStatement /\v\.@<!<extends>(\s+\w+)@=/
syntax match layoutStatement /\v\.@<!<from>(\s*")@=/
syntax match layoutStatement /\v\.@<!<given>(\s+\w+\s*:)@=/
syntax match layoutStatement /\v\.@<!<like>(\s+\w+\s+except>)@=/
syntax match layoutStatement /\v\.@<!<mark>(\s+\w+)@=/
syntax match layoutStatement /\v\.@<!<next>(\s+\w+\s+in>)@=/
syntax match layoutStatement /\v\.@<!<of>(\s+\w+)@=/
syntax match layoutStatement /\v\.@<!<pass>(\s+\w+)@=/
syntax match layoutStatement /\v\.@<!<placed>(\s+at>)@=/
syntax match layoutStatement /\v\.@<!<prefer>(\s+[A-Za-z0-9_(~])@=/
syntax match layoutStatement /\v\.@<!<repeat>(\s+\w+\s*\()@=/
syntax match layoutStatement /\v\.@<!<with>(\s+\w+\s+in>|\s+previous>)@=/
syntax keyword layoutOperator aligned and as has in not or
syntax keyword layoutConstant false true
syntax keyword layoutType bool bytes pa pages u16 u32 u64 u8 va
syntax keyword layoutFunction align_down align_up exact_arithmetic max min
syntax match layoutNumber /\<\%(0x[0-9a-fA-F_]\+\|[0-9][0-9_]*[KMGTPE]\?\)\>/
syntax region layoutText start=/"/ end=/"/ oneline
syntax match layoutComment /#.*$/
highlight default link layoutDeclaration Keyword
highlight default link layoutStatement Statement
highlight default link layoutOperator Operator
highlight default link layoutConstant Boolean
highlight default link layoutType Type
highlight default link layoutFunction Function
highlight default link layoutNumber Number
highlight default link layoutText String
highlight default link layoutComment Comment
let b:current_syntax = "layout"
