{% set a = {'a': 1} | set_dict_key_value('b:c', 2) %}
{% set b = {'a': [1]} | append_dict_key_value('a', 2) %}
{% set c = {'a': {'q': 1}} | update_dict_key_value('a', {'r': 2}) %}
a:
  test.configurable_test_state:
    - changes: False
    - comment: '{{ [a, b, c] | tojson }} {{ "1.5 G" | human_to_bytes }} {{ "a_b" | to_camelcase }} {{ ["b", "A"] | sorted_ignorecase | join }}'
b:
  test.configurable_test_state:
    - changes: False
    - comment: '{{ [{"z": "<"}, {"a": [true, none]}] | tojson }} {{ ["fe80::1", "x"] | ipwrap | join(" ") }} {{ "aBc" | to_snake_case }}'
