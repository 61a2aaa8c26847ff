// DataParallel
