"""Runs blocks of SQL in one engine: run.py ENGINE BLOCKS ANSWER, in the folder with the data.

BLOCKS is a JSON array of texts, each of one or more statements. ANSWER becomes a JSON array with the rows of the
last statement of each block. Cells are text or null, so that no number is rounded on its way.
"""

import json
import os
import sys


def statements(block):
    """Splits a block at the semicolons that end a line."""
    parts = block.strip().rstrip(";").split(";\n")
    return [part.strip() for part in parts if part.strip()]


def duckdb():
    import duckdb

    # A file, so that a view made before a revision is read again after it.
    connection = duckdb.connect("engine.duckdb")
    return lambda statement: connection.execute(statement).fetchall()


def clickhouse():
    from chdb import session

    # On disk, so that the table stays from one run to the next.
    connection = session.Session("clickhouse")

    def run(statement):
        answer = str(connection.query(statement, "JSONCompactEachRow"))
        return [json.loads(line) for line in answer.splitlines() if line.strip()]

    return run


def spark():
    from pyspark.sql import SparkSession

    # A container may have a host name that resolves to nothing.
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master("local[2]")
    options = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    for name, value in options.items():
        builder = builder.config(name, value)
    connection = builder.getOrCreate()
    return lambda statement: [list(row) for row in connection.sql(statement).collect()]


ENGINES = {"DuckDB": duckdb, "ClickHouse": clickhouse, "Spark": spark}


def main():
    engine, blocks, answer = sys.argv[1:]
    run = ENGINES[engine]()
    answers = []
    with open(blocks, encoding="utf-8") as file:
        for block in json.load(file):
            rows = []
            for statement in statements(block):
                rows = run(statement)
            answers.append([[None if cell is None else str(cell) for cell in row] for row in rows])
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main()
