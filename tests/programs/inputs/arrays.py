# SPDX-License-Identifier: MIT
"""numpy: sums, sorts, products of arrays."""
import numpy

chance = numpy.random.default_rng(1)
one = chance.integers(0, 1000, (160, 160)).astype(numpy.int64)
other = one.T + 7
print((one @ other).sum(), numpy.sort(one.ravel())[::4000])
data = chance.random(400_000)
print(round(float(numpy.fft.rfft(data).real[5]), 6), numpy.histogram(data, 10)[0])
print(round(float(numpy.sort(data)[1234]), 9))
