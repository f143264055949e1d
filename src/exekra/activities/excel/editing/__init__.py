"""Change workbooks in place: only the XML of what is edited, everything else of the package byte for byte.

No library can do this without losing pictures, charts or results of formulas (docs/decisions/0024). The modules, from
the bottom up: `markup` edits XML text; `package` is the ZIP file and its parts; `values` writes one cell and `rows` one
row; `book`, `styles`, `tables` and `sheet` are the parts that an edit can touch (`canonical` is for unusual ones);
`formulas` reads and changes references, and `moves` says where rows are after some were put in or taken out;
`shifting`, `following`, `inserting` and `renaming` change them everywhere, in `other_parts` too; `header` reads the
names of columns; `every_formula` reaches all formulas, and `sheets` adds, renames, copies and deletes whole
sheets by it; `computing` computes results; `editor` puts them together for activities, `appending`
and `new_rows` add rows by it, and `workbook_file` opens and replaces the file.
"""
