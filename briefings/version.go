package briefings

// renewedBy is what one renewal adds to a version, far above any Rev.
const renewedBy = 1 << 32

// Version is what copies compare to see who holds the newer view of a desk: its
// newest own Rev and, counting for more, how often what was recorded before was
// renewed, as forgetting a person does. Two views of one version are the same.
func Version(rev, renewed int) int { return renewed*renewedBy + rev }

// SplitVersion is what [Version] was made of.
func SplitVersion(version int) (rev, renewed int) { return version % renewedBy, version / renewedBy }

// version is that of s; see [Version]. It is 0 where the desk made nothing itself.
func (s *Snapshot) version() int {
	if len(s.log) == 0 {
		return 0
	}
	return Version(s.log[len(s.log)-1].Rev, s.renewed)
}

// renew is s as what was recorded has been renewed that often.
func (s *Snapshot) renew(times int) *Snapshot {
	s.renewed = times
	return s
}
