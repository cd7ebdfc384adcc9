FROM golang:1.25.4 AS build
WORKDIR /src
COPY go.mod main.go ./
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
COPY --from=build /app /app
USER 65532
ENTRYPOINT ["/app"]
