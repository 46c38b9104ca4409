package miroir.server.console;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import miroir.server.admin.Written;
import miroir.storage.sync.SourceDefinition;

/**
 * Where resources come from.
 *
 * @param version of what is changed; 0: it is a new one
 * @param path below {@code /admin/api}
 */
record SourceForm(long version, String path, List<Field> fields) {
    SourceForm {
        fields = List.copyOf(fields);
    }

    static SourceForm forNew() {
        return new SourceForm(
                0,
                "sources",
                List.of(
                        Field.required("name", "source.name", ""),
                        Field.required("url", "source.url", ""),
                        Field.text("key", "source.key", ""),
                        Field.text("header", "source.header", "ESANTE-API-KEY"),
                        Field.text("quota", "source.quota", "16"),
                        Field.text("timeout", "source.timeout", "30s"),
                        Field.text("pageSize", "source.pageSize", "200"),
                        Field.text("patience", "source.patience", "10m"),
                        Field.text("proxy", "source.proxy", ""),
                        Field.text("formerly", "source.formerly", "")));
    }

    static SourceForm of(SourceDefinition source) {
        List<Field> fields = new ArrayList<>(List.of(
                Field.required("url", "source.url", source.base().toString()),
                Field.text("key", "source.key", source.key()),
                Field.text("header", "source.header", source.header()),
                Field.text("quota", "source.quota", quota(source)),
                Field.text("timeout", "source.timeout", Written.length(source.timeout())),
                Field.text("pageSize", "source.pageSize", String.valueOf(source.pageSize())),
                Field.text("patience", "source.patience", Written.length(source.patience())),
                Field.text("proxy", "source.proxy", source.proxy()),
                Field.text("formerly", "source.formerly", source.formerly())));
        return new SourceForm(source.version(), "sources/" + source.name(), fields);
    }

    /** A whole number is written as one. */
    static String quota(SourceDefinition source) {
        return BigDecimal.valueOf(source.quota()).stripTrailingZeros().toPlainString();
    }

    boolean isNew() {
        return version == 0;
    }

    List<Fact> facts() {
        return fields.stream().map(Field::fact).toList();
    }
}
