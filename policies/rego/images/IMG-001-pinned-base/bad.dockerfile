FROM golang AS build
WORKDIR /src
COPY go.mod main.go ./
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /app /app
USER 65532
ENTRYPOINT ["/app"]
