FROM golang:1.25.4 AS build
WORKDIR /src
COPY go.mod main.go ./
RUN go build -o /app .

FROM debian:13.2-slim
COPY --from=build /app /app
USER 10001
ENTRYPOINT ["/app"]
