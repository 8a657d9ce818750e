package main

import "syscall"

// room is how many bytes of a folder's disk are free for sitrep, where that is known.
func room(folder string) (free int64, known bool) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil || disk.Frsize <= 0 {
		return 0, false
	}
	return int64(disk.Bavail) * int64(disk.Frsize), true
}
