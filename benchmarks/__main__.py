"""`python -m benchmarks`: every measurement, one JSON line each. Close other programs first."""

from benchmarks import chance, coortweet, joins, readers, study, ten_million, toolkit, viral

if __name__ == "__main__":
    for part in (joins, toolkit, coortweet, viral, ten_million, chance, readers, study):
        part.main()
