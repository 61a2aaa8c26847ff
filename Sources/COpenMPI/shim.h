// Open MPI's constants are macros with casts, which Swift can't import: each gets a function.
// The shim can go when Swift imports such macros.
#pragma once
#include <mpi.h>

static inline MPI_Comm tutti_mpi_world(void) { return MPI_COMM_WORLD; }
static inline MPI_Comm tutti_mpi_null_communicator(void) { return MPI_COMM_NULL; }
static inline MPI_Request tutti_mpi_null_request(void) { return MPI_REQUEST_NULL; }
static inline MPI_Errhandler tutti_mpi_errors_return(void) { return MPI_ERRORS_RETURN; }
static inline MPI_Info tutti_mpi_null_info(void) { return MPI_INFO_NULL; }
static inline MPI_Status *tutti_mpi_ignore_status(void) { return MPI_STATUS_IGNORE; }
static inline MPI_Datatype tutti_mpi_byte(void) { return MPI_BYTE; }
static inline MPI_Datatype tutti_mpi_float(void) { return MPI_FLOAT; }
static inline MPI_Datatype tutti_mpi_double(void) { return MPI_DOUBLE; }
static inline MPI_Datatype tutti_mpi_int64(void) { return MPI_INT64_T; }
static inline MPI_Status *tutti_mpi_ignore_statuses(void) { return MPI_STATUSES_IGNORE; }
static inline MPI_Op tutti_mpi_sum(void) { return MPI_SUM; }
static inline const void *tutti_mpi_in_place(void) { return MPI_IN_PLACE; }
static inline int tutti_mpi_any_source(void) { return MPI_ANY_SOURCE; }

// A word that several processes share has no counterpart in Swift's atomics, which own their memory.
/// Sets the word to 1 and tells whether this call was the first to do so.
static inline int tutti_claim(int *word) { return __atomic_exchange_n(word, 1, __ATOMIC_SEQ_CST) == 0; }
static inline void tutti_store(int *word, int value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }
static inline int tutti_load(const int *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }
