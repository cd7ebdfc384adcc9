# What policies ask of a committed file, said once.
package idp_assess.lib.committed

# Whether a file's content bears a mark, and nothing says that it is encrypted.
plain(file, mark) if {
	is_array(file.marks)
	mark in file.marks
	not "encrypted" in file.marks
}
