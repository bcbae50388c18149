$x = ForEach-Object { 1; 2 }; $x.Count
# > 2
