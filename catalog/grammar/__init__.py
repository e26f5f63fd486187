"""The trade's shorthand for rights, as rights lists write it: `World ex US,CA; L || US,CA; L ex spa`.

    cell        = clause *( "||" clause )
    clause      = territories *( ";" part )              ; each part at most once, in any order
    territories = names [ ex names ]                     ; ROW: what no other clause of the cell names
    part        = languages | rights | exclusivity | period
    languages   = [ "L:" ] ( every [ ex names ] | names )
    rights      = [ "R:" ] names
    exclusivity = "excl" | "non-excl"
    period      = [ day ] ".." [ day | length ] | length ; the last day belongs to the period
    length      = 1*DIGIT ( "y" | "m" )                  ; from the first day, or from the day on which the cell is read
    every       = "L"
    ex          = "ex" | "except" | "excluding" | …      ; in ten languages
    names       = name *( "," name )

Names are codes, or what the thing is called in the hub's ten languages (`catalog.naming`): territories ISO 3166-1 alpha-2 or
alpha-3 and named groups, languages BCP 47 or ISO 639-2/B, rights the names of the contract. A cell grants what any of its
clauses does. Full-width signs are read as their plain ones.

`parse(write(clauses)) == clauses` for whatever clauses there are.
"""
