{{ salt["no.fun"]() }}
