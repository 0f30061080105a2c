"""By what is counted and judged: the laboratory's definitions, WHO, ICC and IPSS-R."""
