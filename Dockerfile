FROM golang:1.26 AS build
WORKDIR /src
# Modules first: they change less often than the code, and stay in the cache.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# No cgo and no C library: the binary runs in an image that holds nothing else.
# It embeds the time zones.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/sitrep . \
    && mkdir /out/data

# Certificates, a nonroot user (65532) and nothing more: no shell, no packages.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/sitrep /sitrep
# A volume takes the owner of the folder it first covers.
COPY --from=build --chown=nonroot:nonroot /out/data /data
# Inside a container loopback reaches nobody; what is published decides who may.
ENV SITREP_LISTEN=0.0.0.0:8080 \
    SITREP_DATA=/data
VOLUME /data
EXPOSE 8080
USER nonroot
# Alive, not ready: a bot whose Discord is away must not be restarted for it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/sitrep", "health"]
ENTRYPOINT ["/sitrep"]
