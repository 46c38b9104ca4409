# docker build -t miroir .
# docker run -p 8080:8080 -e MONGODB_URI='mongodb://db/?replicaSet=rs' -e MIROIR_ACCESS=token \
#     -e MIROIR_WRITE_TOKEN_FILE=/run/secrets/token -v "$PWD/token:/run/secrets/token:ro" miroir
# Everyone may read with MIROIR_OPEN_BEYOND_LOOPBACK=true instead of MIROIR_ACCESS=token. MIROIR_HOSTS has the names under which it
# is asked, besides localhost.
FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /build
COPY . .
RUN mvn -q -B -DskipTests -pl server,validation,sync-annuaire,sql-copies -am package

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /miroir --create-home miroir
WORKDIR /miroir
COPY --from=build /build/server/target/app server/target/app
# May be left out: without it there is no $validate.
COPY --from=build /build/validation/target/app validation/target/app
COPY --from=build /build/sync-annuaire/target/app sync-annuaire/target/app
# For whoever keeps copies in SQL.
COPY --from=build /build/sql-copies/target/app sql-copies/target/app
COPY conf conf
RUN mkdir log && chown miroir log
USER miroir
ENV MIROIR_HOST=0.0.0.0 MIROIR_PORT=8080 MIROIR_LOG_DIR=/miroir/log MIROIR_JAVA_OPTS=-Xmx1g
EXPOSE 8080
# exec: the server gets the signals of the container itself and stops cleanly.
CMD ["sh", "-c", "exec java -XX:+ExitOnOutOfMemoryError $MIROIR_JAVA_OPTS -cp 'server/target/app/*:validation/target/app/*' miroir.server.ServerMain"]
