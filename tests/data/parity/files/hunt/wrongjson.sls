{% load_json as x %}{a{% endload %}
x: test.nop
