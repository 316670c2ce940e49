{{ pillar.place }}:
  file.managed:
    - template: jinja
    - contents: "{{ '{{ x|yaml }} {{ x }} {{ x|json }}' }}"
    - context:
        x: {b: [1, {d: e, c: f}], a: t}
note:
  test.show_notification:
    - text: {b: 1, a: 2}
