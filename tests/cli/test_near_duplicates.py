"""Near-duplicates are named at the terminal, and stay together in a plan."""

from tests.imaging.pixels.test_sketch import scene


def test_they_are_found_on_request_and_listed(stackgui, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        scene(number).save(folder / f"s{number}.png")
    scene(1).resize((120, 90)).save(folder / "small.jpg", quality=80)
    found = {each["kind"]: each["files"] for each in stackgui("scan", folder, "--json").json["health"]}
    assert "near-duplicate" not in found
    ended = stackgui("scan", folder, "--find-near-duplicates")
    assert "1 picture looks almost like an earlier one: small.jpg" in ended.out
    plan = stackgui("plan", folder, "--find-near-duplicates", "--split", "50/50", "--json").json
    assert plan["groups"]["count"] == 1
    assert plan["groups"]["largest"] == {"s1.png": 2}
