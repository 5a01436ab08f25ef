; SPDX-License-Identifier: MIT
; Primes by a sieve, and big numbers.
(define (sieve n)
  (let ((marks (make-vector (+ n 1) #t)))
    (do ((i 2 (+ i 1))) ((> (* i i) n))
      (when (vector-ref marks i)
        (do ((j (* i i) (+ j i))) ((> j n)) (vector-set! marks j #f))))
    (let loop ((i 2) (count 0))
      (if (> i n) count (loop (+ i 1) (if (vector-ref marks i) (+ count 1) count))))))
(define (factorial n) (if (< n 2) 1 (* n (factorial (- n 1)))))
(display (sieve 600000)) (newline)
(display (modulo (factorial 2000) 1000000007)) (newline)
(display (string-length (number->string (factorial 3000)))) (newline)
