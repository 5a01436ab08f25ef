# SPDX-License-Identifier: MIT
# Curves, points and a surface as PNG and SVG.
set terminal pngcairo size 900,600
set output "surface.png"
set isosamples 120
set hidden3d
splot sin(x) * cos(y) * exp(-(x * x + y * y) / 40)
set output "points.png"
plot "numbers" using 1:2 every 5 with dots title "numbers"
set terminal svg
set output "curves.svg"
set samples 4000
plot for [i = 1:12] sin(x * i) / i title sprintf("%d", i)
