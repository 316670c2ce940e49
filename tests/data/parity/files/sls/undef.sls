a:
  {{ nope }}
