@{} -is [System.Collections.IDictionary]
@(1) -is [System.Collections.IEnumerable]
# > True
# > True
