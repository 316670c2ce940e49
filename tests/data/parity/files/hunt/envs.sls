a:
  file.managed:
    - name: {{ pillar.place }}
    - source: salt://file.txt
    - saltenv: nosuch
b:
  cmd.script:
    - source: salt://script.sh
    - saltenv: nosuch
