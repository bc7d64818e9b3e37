"""Real kernels: their own functions, cut out of their trees and compiled, against the models and what is imported."""
