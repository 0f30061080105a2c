"""From counts to a page: one content model, four ways to write it down.

`sources` is what a report is made of, domain values only; `content.compose` turns it
into what is printed; `pdf`, `html`, `csv` and `json` write it. The two layers stay
apart all the way: `suggested` knows no interval and no verdict, `confirmed` has both.
The folder of fonts and templates is handed in, since `workflow.places` alone knows it.
"""
