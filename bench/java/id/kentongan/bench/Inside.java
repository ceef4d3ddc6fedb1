// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import id.kentongan.Kentongan;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application within this process, to make what is measured afterwards in a process of its own. */
final class Inside {
    private Inside() {}

    static ConfigurableApplicationContext open(Path data) {
        var application = new SpringApplication(Kentongan.class);
        return application.run(
                "--kentongan.data=" + data,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--db-scheduler.enabled=false",
                "--logging.level.root=WARN",
                "--logging.level.org.flywaydb=ERROR",
                "--spring.main.log-startup-info=false");
    }
}
