a: [
b