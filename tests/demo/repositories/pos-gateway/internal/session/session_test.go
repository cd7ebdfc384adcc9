package session

import (
	"bytes"
	"testing"
)

func TestReadMessage(t *testing.T) {
	got, err := ReadMessage(bytes.NewReader([]byte{0, 3, 'a', 'b', 'c', 'x'}))
	if err != nil || string(got) != "abc" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestReadMessageTooShort(t *testing.T) {
	if _, err := ReadMessage(bytes.NewReader([]byte{0, 9, 'a'})); err == nil {
		t.Fatal("a short body must be an error")
	}
}
