FROM node:24.11.0-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM debian:13.2-slim
COPY --from=build /app/dist /app
USER 10001
CMD ["/app/server"]
