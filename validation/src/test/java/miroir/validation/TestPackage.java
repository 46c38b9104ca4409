package miroir.validation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Packages as publishers make them: a tar file within gzip. */
final class TestPackage {
    static final String PROFILE = "http://example.org/StructureDefinition/born";

    private TestPackage() {}

    /** A profile of practitioners who have a birth date and a job of a value set. */
    static Path write(Path file) throws IOException {
        return write(
                file,
                Map.of(
                        "package/package.json",
                        "{\"name\":\"test\",\"fhirVersions\":[\"4.0.1\"]}",
                        "package/StructureDefinition-born.json",
                        """
                {"resourceType":"StructureDefinition","id":"born","url":"%s","name":"Born","status":"active",
                "fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Practitioner",
                "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Practitioner","derivation":"constraint",
                "differential":{"element":[{"id":"Practitioner.birthDate","path":"Practitioner.birthDate","min":1},
                {"id":"Practitioner.qualification.code","path":"Practitioner.qualification.code",
                "binding":{"strength":"required","valueSet":"http://example.org/ValueSet/jobs"}}]}}""".formatted(PROFILE),
                        "package/ValueSet-jobs.json",
                        """
                {"resourceType":"ValueSet","id":"jobs","url":"http://example.org/ValueSet/jobs","status":"active",
                "compose":{"include":[{"system":"http://example.org/jobs"}]}}""",
                        "package/CodeSystem-jobs.json",
                        """
                {"resourceType":"CodeSystem","id":"jobs","url":"http://example.org/jobs","status":"active",
                "content":"complete","concept":[{"code":"10","display":"Doctor"}]}""",
                        "package/example/p.json",
                        """
                {"resourceType":"Practitioner","id":"example"}"""));
    }

    static Path write(Path file, Map<String, String> contents) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> content : contents.entrySet()) {
                out.write(entry(content.getKey(), content.getValue().getBytes(StandardCharsets.UTF_8)));
            }
            out.write(new byte[1024]);
        }
        return file;
    }

    private static byte[] entry(String name, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 124, String.format("%011o ", content.length));
        header[156] = '0';
        put(header, 257, "ustar\00000");
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        entry.writeBytes(header);
        entry.writeBytes(content);
        entry.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return entry.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
