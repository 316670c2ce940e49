#!jinja|yaml
# a comment
{% load_yaml as x %}
a: [
{% endload %}
x: test.nop
