"""Near-duplicates are named at the terminal, and stay together in a plan."""

from tests.imaging.pixels.test_sketch import scene


def test_names_without_a_group_are_told_though_near_duplicates_give_them_one(stackgui, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        scene(number).save(folder / f"patient{number}_a.png")
        scene(number).resize((120, 90)).save(folder / f"patient{number}_b.jpg", quality=80)
    for name in ("patient3x1.png", "patient3x2.png"):
        scene(3).save(folder / name)
    told = stackgui(
        "plan", folder, "--find-near-duplicates", "--group-by", "name:{group}_*", "--split", "50/50"
    ).out
    assert "2 pictures in none from the files’ names" in told
    assert "2 pictures have no group from the files’ names, so nothing but near-duplicates keeps" in told
    assert "patient3x1.png" in told


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
