"""Other people's searches over the same texts, to be compared with; never needed by the product."""
