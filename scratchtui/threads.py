"""How many threads numpy multiplies with: one, so that app, worker and commands add up alike."""

# of OpenBLAS, MKL, and what is built on OpenMP; each is read once, when numpy is imported
ONE_BLAS_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
