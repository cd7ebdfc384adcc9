FROM debian:13.2-slim
RUN adduser --system --uid 10001 app
RUN mkdir /data && chown app /data
USER 10001
CMD ["/opt/tool"]
