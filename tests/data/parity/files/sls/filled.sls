{% from './map.jinja' import port with context %}
{% import_yaml 'sls/data.yaml' as data %}
{{ data.name }}:
  test.configurable_test_state:
    - changes: False
    - result: True
    - comment: {{ grains.kernel }} {{ port }} {{ salt['test.echo']('said') }}
