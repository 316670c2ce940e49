#!jinja|yaml
a:
  test.nop:
    - name: {{ [1, nosuch] | tojson }}
