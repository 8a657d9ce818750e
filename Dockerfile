# For machines of several kinds at once, under one name:
#   docker buildx build --platform linux/amd64,linux/arm64 --tag REGISTRY/sitrep:0.1.0 --push .
# Go itself builds for the other kinds, so nothing is emulated.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS TARGETARCH
WORKDIR /src
# Modules first: they change less often than the code, and stay in the cache.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# No cgo and no C library: the binary runs in an image that holds nothing else.
# It embeds the time zones.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags '-s -w' -o /out/sitrep . \
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
