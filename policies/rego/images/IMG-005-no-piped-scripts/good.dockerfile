FROM debian:13.2-slim
RUN curl -sSfLo /tmp/tool.tar.gz https://example.org/tool-1.2.0.tar.gz \
    && echo "0123abcd  /tmp/tool.tar.gz" | sha256sum --check \
    && tar -xzf /tmp/tool.tar.gz -C /opt
RUN rm /tmp/tool.tar.gz
USER 10001
CMD ["/opt/tool"]
